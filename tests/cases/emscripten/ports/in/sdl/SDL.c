int sdl;
