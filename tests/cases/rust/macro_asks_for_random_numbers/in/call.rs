m::call!();
