mergeInto(LibraryManager.library, { told: function() { return 7; } });
