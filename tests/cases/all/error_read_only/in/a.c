int broken
