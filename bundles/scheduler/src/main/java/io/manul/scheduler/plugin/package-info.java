/** The default plug-ins, one file each. */
package io.manul.scheduler.plugin;
