"""`accredit worker`: the background jobs."""

from __future__ import annotations

import click

from accredit.cli.house import open_house


@click.command("worker")
@click.option("--threads", type=click.IntRange(1, 16), default=1, show_default=True, help="Jobs at the same time.")
def command(threads: int) -> None:
    """Run the background jobs and send mail until stopped.

    Start as many workers as you like, on as many machines as reach the database. A job that was running when its worker
    died is taken up again within two minutes, and a message within five. On standard error stands one JSON object a line
    for each job and each message.
    """
    from accredit import logs
    from accredit.jobs import Postman, Worker, make_queue

    house = open_house()
    queue = make_queue(house)
    worker = Worker(house, queue)
    worker.reap()
    logs.set_up(house.settings.log_level)
    click.echo(f"working on {house.engine.url.render_as_string()}; Ctrl+C stops", err=True)
    with Postman(house):
        queue.create_consumer(workers=threads, periodic=True, check_worker_health=True).run()
