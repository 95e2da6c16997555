mergeInto(LibraryManager.library, { told: 'function() { return ' + Math.random() + '; }' });
