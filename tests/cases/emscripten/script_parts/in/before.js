var part = "before";
