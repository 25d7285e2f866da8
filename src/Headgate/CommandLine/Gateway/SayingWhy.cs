namespace Headgate.CommandLine.Gateway;

/// <summary>A failed connection says "see inner exception"; whoever reads one line is told the reason itself.</summary>
/// <param name="inner">What connects.</param>
/// <param name="showsCertificate">Whether it shows a certificate. A gateway that misses one ends the connection without a word.</param>
internal sealed class SayingWhy(HttpMessageHandler inner, bool showsCertificate) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e) when (e.InnerException is not null && request.RequestUri!.Scheme == Uri.UriSchemeHttps)
        {
            bool mayMissOne = !showsCertificate && e.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.Unknown;
            throw new HttpRequestException(e.HttpRequestError, $"{e.GetBaseException().Message}{(mayMissOne ? "; it may ask for a certificate, --cert FILE" : "")}", e);
        }
    }
}
