"""Runs a program on a terminal of its own: waits for texts, sends keys, and prints what came as JSON.

usage: terminal.py '{"argv": [...], "columns": 80, "rows": 24, "steps": [{"wait": "text", "send": "f"}, ...]}'
A step may also have "resize": [columns, rows] or "signal": "KILL", which come before "send".
"""
import fcntl, json, os, pty, select, signal, struct, sys, termios, time

LONGEST = 100
told = json.loads(sys.argv[1])
child, terminal = pty.fork()
if child == 0:
    os.execvpe(told["argv"][0], told["argv"], {**os.environ, **told.get("env", {})})


def resize(columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


seen = b""
searched = 0


def read(seconds):
    """Takes what the program has written; False when it has ended."""
    global seen
    if not select.select([terminal], [], [], seconds)[0]:
        return True
    try:
        more = os.read(terminal, 65536)
    except OSError:
        more = b""
    seen += more
    return more != b""


resize(told.get("columns", 80), told.get("rows", 24))
problem = None
for step in told["steps"]:
    wanted = step.get("wait", "").encode()
    until = time.time() + LONGEST
    while problem is None and seen.find(wanted, searched) < 0:
        if not read(1) or time.time() > until:
            problem = "never seen: " + step["wait"]
    if problem is not None:
        break
    searched = seen.find(wanted, searched) + len(wanted)
    if "resize" in step:
        resize(*step["resize"])
    if "signal" in step:
        os.kill(child, getattr(signal, "SIG" + step["signal"]))
    if "send" in step:
        os.write(terminal, step["send"].encode())
until = time.time() + LONGEST
while problem is None and read(1):
    if time.time() > until:
        problem = "it does not end"
if problem is not None:
    os.kill(child, signal.SIGKILL)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(json.dumps({"status": status, "seen": seen.decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode(), "problem": problem}))
