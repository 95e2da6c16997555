int value = V;
