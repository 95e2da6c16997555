m::appears!();
