m::content!();
