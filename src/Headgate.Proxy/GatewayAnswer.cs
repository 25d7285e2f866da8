namespace Headgate.Proxy;

/// <summary>The answers the gateway gives itself: status, type and body as APISIX's clients know them (docs/reference/errors.md).</summary>
internal static class GatewayAnswer
{
    /// <summary>Answers <paramref name="status"/> with its standard body.</summary>
    public static void Write(Exchange exchange, int status)
    {
        if (status == 404)
            exchange.WriteGatewayAnswer(404, "text/plain; charset=utf-8"u8, "{\"error_msg\":\"404 Route Not Found\"}\n"u8);
        else
            exchange.WriteGatewayAnswer(status, "text/html; charset=utf-8"u8, Page(status));
    }

    private static ReadOnlySpan<byte> Page(int status) => status switch
    {
        400 => "<html><head><title>400 Bad Request</title></head><body><h1>400 Bad Request</h1><p>headgate</p></body></html>\n"u8,
        408 => "<html><head><title>408 Request Timeout</title></head><body><h1>408 Request Timeout</h1><p>headgate</p></body></html>\n"u8,
        413 => "<html><head><title>413 Content Too Large</title></head><body><h1>413 Content Too Large</h1><p>headgate</p></body></html>\n"u8,
        502 => "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><p>headgate</p></body></html>\n"u8,
        503 => "<html><head><title>503 Service Unavailable</title></head><body><h1>503 Service Unavailable</h1><p>headgate</p></body></html>\n"u8,
        504 => "<html><head><title>504 Gateway Timeout</title></head><body><h1>504 Gateway Timeout</h1><p>headgate</p></body></html>\n"u8,
        _ => "<html><head><title>500 Internal Server Error</title></head><body><h1>500 Internal Server Error</h1><p>headgate</p></body></html>\n"u8,
    };
}
