namespace Headgate.Core.Config;

/// <summary>Protocol towards the nodes of an upstream.</summary>
public enum UpstreamScheme
{
    /// <summary>HTTP/1.1 in clear text; standard port 80.</summary>
    Http,

    /// <summary>HTTP/1.1 over TLS; standard port 443.</summary>
    Https,

    /// <summary>gRPC in clear text. Accepted and stored; requests to it are answered 503 until gRPC is served.</summary>
    Grpc,

    /// <summary>gRPC over TLS. As <see cref="Grpc"/>.</summary>
    Grpcs,

    /// <summary>Kafka: accepted as APISIX does, without effect.</summary>
    Kafka,

    /// <summary>TCP stream: accepted and stored; has no effect on HTTP routes.</summary>
    Tcp,

    /// <summary>TLS stream: as <see cref="Tcp"/>.</summary>
    Tls,

    /// <summary>UDP stream: as <see cref="Tcp"/>.</summary>
    Udp,
}
