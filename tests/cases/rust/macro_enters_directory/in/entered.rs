m::entered!();
