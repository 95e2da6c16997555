m::describe!();
