import os
import time

for name in os.listdir("cache"):
    if time.time() - os.stat("cache/" + name).st_mtime > 30 * 86400:
        os.unlink("cache/" + name)
open("out", "w").write("x")
