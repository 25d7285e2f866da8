using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>Downloads and uploads by .NET's own client: over TLS, and over HTTP/2, several at once.</summary>
internal sealed class HttpClientFlow(SoakRun run, string name, int number, HttpClient client, Version version) : SoakFlow(run, name, number)
{
    private const int LengthMax = 1 << 20;

    /// <summary>A client that trusts any certificate; dispose it after its flows.</summary>
    public static HttpClient Client(string address) => new(
#pragma warning disable CA5359 // The test's own certificate.
        new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } })
#pragma warning restore CA5359
    {
        BaseAddress = new Uri(address),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    protected override async Task StepAsync()
    {
        long id = Run.NextId();
        int length = SoakContent.Length(Random, LengthMax);
        bool uploads = Random.Next(4) == 0;
        SoakRequest request = uploads
            ? new SoakRequest(id, "POST", $"/echo/{id}/{length}/{(Random.Next(3) == 0 ? "early" : "whole")}", SoakContent.Of(id, length), MayRepeat: false)
            : SoakRequest.Get(id, length, Random.Next(3) == 0 ? "c" : "l");
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(request.Path, UriKind.Relative))
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = uploads ? new ReadOnlyMemoryContent(request.Expected) : null,
        };
        await Run.Tally.JudgeAsync(Name, request, await AskAsync(message, request));
    }

    private async Task<AnswerEnd> AskAsync(HttpRequestMessage message, SoakRequest request)
    {
        bool begun = false;
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
            begun = true;
            byte[] body = await answer.Content.ReadAsByteArrayAsync();
            return answer.StatusCode != HttpStatusCode.OK ? new AnswerEnd(AnswerKind.Status, false, answer.StatusCode.ToString())
                : Id(answer.Headers) != request.Id ? new AnswerEnd(AnswerKind.Wrong, false, $"the answer to request {Id(answer.Headers)}")
                : !request.Expected.Span.SequenceEqual(body) ? new AnswerEnd(AnswerKind.Wrong, false, $"another body, of {body.Length} bytes")
                : new AnswerEnd(AnswerKind.Right, false, "");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new AnswerEnd(begun ? AnswerKind.Broken : AnswerKind.Unanswered, true, e.ToString());
        }
    }

    private static long Id(HttpResponseHeaders headers) =>
        headers.TryGetValues(WireHead.IdField, out IEnumerable<string>? values) ? long.Parse(values.First(), CultureInfo.InvariantCulture) : -1;
}
