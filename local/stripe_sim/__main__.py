"""`python -m local.stripe_sim --port N`: the simulator as a process."""

import argparse
from pathlib import Path

from local.simulating.clock import now
from local.simulating.server import server
from local.stripe_sim.simulator import API_KEY, WEBHOOK_SECRET, Simulator


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.stripe_sim", description="Stripe on this machine.")
    parser.add_argument("--port", type=int, required=True, help="on 127.0.0.1")
    parser.add_argument("--api-key", default=API_KEY)
    parser.add_argument("--webhook-url", help="may also be told later, with POST /_sim/webhooks")
    parser.add_argument("--webhook-secret", default=WEBHOOK_SECRET)
    parser.add_argument("--clock-file", type=Path, help="holds whole seconds that are added to the time")
    options = parser.parse_args()
    simulator = Simulator(
        lambda: now(options.clock_file),
        api_key=options.api_key,
        webhook_secret=options.webhook_secret,
        webhook_url=options.webhook_url,
    )
    server(simulator, options.port).run()


if __name__ == "__main__":
    main()
