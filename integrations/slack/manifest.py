"""The app's manifest, to paste into Slack: one for Socket Mode, one for HTTP, the same in all else."""

from typing import Any

EXAMPLE_URL = "https://pm.example.org"
SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "users:read",
    "users:read.email",
)
EVENTS = (
    "agent_session_stopped",
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_shared",
    "channel_unshared",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "tokens_revoked",
    "user_change",
)
PROMPTS = ("What is on my plate this week?", "What is late?", "Top risks of my projects", "Who has time next week?")


def manifest_for(way: str, public_url: str | None = None) -> dict[str, Any]:
    """The manifest for "socket" or "http"; over HTTP Slack posts to `public_url`."""
    is_socket = way == "socket"
    url = {} if is_socket else {"request_url": f"{public_url or EXAMPLE_URL}/slack/events"}
    command_url = {} if is_socket else {"url": f"{public_url or EXAMPLE_URL}/slack/events"}
    return {
        "display_information": {
            "name": "Pilothouse",
            "description": "Answers about projects, programs and portfolios, with sources",
            "background_color": "#1f3a4d",
        },
        "features": {
            "agent_view": {
                "agent_description": "Ask where a project is, what is on your plate, who has time, what is at risk.",
                "suggested_prompts": [{"title": words, "message": words} for words in PROMPTS],
            },
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "pilothouse", "always_online": True},
            "slash_commands": [
                {
                    "command": "/pilothouse",
                    "description": "Ask, or say what this channel is about",
                    "usage_hint": "whats late | bind GATE for the team",
                    "should_escape": False,
                    **command_url,
                }
            ],
            "shortcuts": [
                _shortcut("Record this", "record_note", "Keep this message as a note of a task or project"),
                _shortcut("Add as risk", "record_risk", "Put this message into the risk register"),
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**url, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": is_socket,
            "token_rotation_enabled": False,
        },
    }


def _shortcut(name: str, callback: str, description: str) -> dict[str, str]:
    return {"name": name, "type": "message", "callback_id": callback, "description": description}
