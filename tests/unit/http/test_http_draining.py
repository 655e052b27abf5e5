"""The end of a server, and streams: running work finishes, new work is sent elsewhere."""

from __future__ import annotations

import threading


def test_draining_finishes_what_runs_and_refuses_the_rest(leaving):
    replies = []
    waiting = threading.Thread(target=lambda: replies.append(leaving.send_json("POST", "/api/v1/gates/a", {})))
    waiting.start()
    leaving.until(lambda: leaving.ask("GET", "/api/v1/gates/a").json["held"])
    opener = leaving.connect()
    # The gate is opened by a request that is already being received when draining starts.
    opener.putrequest("PUT", "/api/v1/gates/a")
    opener.putheader("Content-Type", "application/json")
    opener.putheader("Content-Length", "2")
    opener.endheaders(b"{")
    kept = leaving.connect()
    assert leaving.ask("GET", "/api/v1/gates/a", connection=kept).status == 200
    leaving.drain()
    leaving.until(lambda: leaving.ask("GET", "/api/v1/ping").status == 503)
    refused = leaving.ask("GET", "/api/v1/ping", connection=kept)
    assert (refused.status, refused.json["code"]) == (503, "draining")
    assert refused.headers["Connection"] == "close"
    assert refused.headers["Retry-After"] == "5"
    opener.send(b"}")
    assert opener.getresponse().status == 200
    opener.close()
    waiting.join(10)
    assert replies[0].json == {"passed": True}


def test_stopping_closes_idle_connections_and_ends(leaving):
    kept = leaving.connect()
    assert leaving.ask("GET", "/api/v1/ping", connection=kept).status == 200
    leaving.stop()
    assert kept.sock.recv(1) == b""
    kept.close()
    assert leaving.process.wait(10) == 0


def test_stopping_waits_for_the_running_request(leaving):
    replies = []
    waiting = threading.Thread(target=lambda: replies.append(leaving.send_json("POST", "/api/v1/gates/a", {})))
    waiting.start()
    leaving.until(lambda: leaving.ask("GET", "/api/v1/gates/a").json["held"])
    opener = leaving.connect()
    opener.putrequest("PUT", "/api/v1/gates/a")
    opener.putheader("Content-Type", "application/json")
    opener.putheader("Content-Length", "2")
    opener.endheaders(b"{")
    assert leaving.ask("GET", "/api/v1/ping/none").status == 404  # the opener's head is read by now
    leaving.stop()
    opener.send(b"}")
    assert opener.getresponse().status == 200
    opener.close()
    waiting.join(10)
    assert replies[0].status == 200
    assert leaving.process.wait(10) == 0


def test_events_arrive_one_by_one_and_end_when_draining(leaving):
    connection = leaving.connect()
    connection.request("GET", "/api/v1/stream")
    stream = connection.getresponse()
    assert stream.headers["Content-Type"] == "text/event-stream"
    assert stream.readline() == b"retry: 3000\n"
    heartbeats = 0
    for number in range(3):
        # The next event is made only after the one before it was seen here, so none can have waited for another.
        assert leaving.send_json("PUT", f"/api/v1/gates/step{number}", {}).status == 200
        while (line := stream.readline()) != f"id: {number}\n".encode():
            assert line in (b"\n", b": still here\n")
        assert stream.readline() == b"event: step\n"
        assert stream.readline() == f'data: {{"number":{number}}}\n'.encode()
    assert leaving.ask("GET", "/api/v1/ping").status == 200  # the stream holds no worker
    while heartbeats < 2:
        heartbeats += stream.readline() == b": still here\n"
    leaving.drain()
    stream.read()  # ends
    connection.close()
