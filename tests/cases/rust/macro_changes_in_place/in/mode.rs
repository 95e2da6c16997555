m::mode!();
