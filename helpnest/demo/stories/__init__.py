"""What went wrong and what was wanted at Marlow Instruments, in invented words."""

from helpnest.demo.stories.access import ACCESS
from helpnest.demo.stories.devices import DEVICES
from helpnest.demo.stories.network import NETWORK
from helpnest.demo.stories.requests import REQUESTS
from helpnest.demo.stories.software import SOFTWARE

STORIES = (*ACCESS, *DEVICES, *NETWORK, *SOFTWARE, *REQUESTS)
