int onload(void* hooks) { return hooks == 0; }
