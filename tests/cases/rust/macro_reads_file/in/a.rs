m::query!();
