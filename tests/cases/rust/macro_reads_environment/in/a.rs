m::all!();
