/** Node and Lease. */
package io.manul.apiserver.kinds.node;
