mergeInto(LibraryManager.library, { told: 'function() { return ' + process.env.BUILD_NUMBER + '; }' });
