/** Gates: a caller enters the current provider's counted slot, a flip makes nobody wait (DESIGN.md, How a swap loses nothing). */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package io.manul.api.gate;
