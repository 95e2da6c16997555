import os
import sys

with open(sys.argv[1], "w") as out:
    out.write(os.environ.get("GREETING", "hello") + "\n")
    out.write(open("names.txt").read())
    if os.path.exists("extra.txt"):
        out.write(open("extra.txt").read())
print("generated")
