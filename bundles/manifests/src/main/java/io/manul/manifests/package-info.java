/** The watched manifest folder, with k3s's semantics (AddOns), by inotify: a file is applied when it is closed. */
package io.manul.manifests;
