/** Sub-resources that are more than a part of their object: scale, binding, eviction, token, log, exec, finalize. */
package io.manul.apiserver.engine.sub;
