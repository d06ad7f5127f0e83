"""`python -m assistant.builtin.intent` trains the classifier and keeps it."""

from assistant.builtin.intent import UTTERANCES, train, utterances

if __name__ == "__main__":
    train()
    print(f"Trained on {sum(map(len, utterances(UTTERANCES).values()))} utterances.")
