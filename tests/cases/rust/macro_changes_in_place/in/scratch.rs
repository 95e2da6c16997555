m::scratch!();
