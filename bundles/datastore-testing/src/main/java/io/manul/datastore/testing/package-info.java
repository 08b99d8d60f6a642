/** What other rooms test with: a datastore in memory, and the contract that every datastore passes. */
package io.manul.datastore.testing;
