mergeInto(LibraryManager.library, { told: 'function() { return ' + Date.now() + '; }' });
