/** Service, Endpoints, EndpointSlice; allocation of addresses and node ports. */
package io.manul.apiserver.kinds.service;
