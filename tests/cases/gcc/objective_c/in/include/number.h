enum { kNumber = 3 };
