import os
open("seen", "w").write(f"{os.path.lexists('y')}\n")
