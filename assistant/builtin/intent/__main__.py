"""`python -m assistant.builtin.intent` trains the classifier, keeps it, and says how it did on unseen folds."""

from assistant.builtin.intent import UTTERANCES, train, utterances

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)

if __name__ == "__main__":
    _, unseen = train()
    count = sum(map(len, utterances(UTTERANCES).values()))
    foreign = f"{unseen.share_of_foreign_seen:.1%} of what is not ours"
    print(f"Trained on {count} utterances. On unseen ones: {unseen.share_right:.1%} right, {foreign} seen.")
    for least, reached, right in unseen.curve(THRESHOLDS):
        print(f"  chance of {least:.1f} or more: {reached:.1%} of messages, {right:.1%} of them right")
