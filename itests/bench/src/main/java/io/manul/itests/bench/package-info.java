/** Measures a real server on demand; README.md says how and what the numbers mean. */
package io.manul.itests.bench;
