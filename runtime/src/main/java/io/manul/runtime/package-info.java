/** The launcher and the command line: settings from flags, environment and file; the framework from a feature; the console. */
package io.manul.runtime;
