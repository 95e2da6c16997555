__asm__(".warning \"careful\"");
