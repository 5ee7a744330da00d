"""What people say about tickets, in a few words that fit any of them."""

from typing import Final

BEGUN: Final = (
    "Thank you, I am looking into it.",
    "Thanks for the report. I have it now and will come back to you **today**.",
    "Seen. Please leave everything as it is; I may want to have a look at it.",
)
ASKED: Final = (
    "Could you tell me when it happened last, and what you did just before?",
    "Which of these is it?\n\n- it happens every time\n- it comes and goes",
    "Please send me the exact words of the message.",
)
TOLD: Final = (
    "It happened again this morning, right after I signed in.",
    "Every time, on both machines.",
    "Here it is: `Operation timed out (0x800705B4)`.",
)
HANDED: Final = (
    "Not ours after all; the rest of the story is above.",
    "Tried the usual things first, without any difference.",
)
THANKED: Final = ("Works again, thank you!", "Perfect, that was quick.")
WAITING: Final = ("Any news?", "Is there something that I can do meanwhile?")
