using Headgate.Proxy.Http1;
using Headgate.Testing;
using HttpMethod = Headgate.Proxy.Http1.HttpMethod;

namespace Headgate.Proxy.Tests.Http1;

/// <summary>
/// Whatever comes: nothing throws, nothing behind the head matters, a cut does not change the verdict, and what is accepted means the same after
/// <see cref="HeadWriter"/> has written it.
/// </summary>
public sealed class HeadFuzzTests
{
    /// <summary>The written head has fields more than the one it came from.</summary>
    private static readonly HeadLimits Wide = new(StartLineBytesMax: 9000, HeadBytesMax: 40_000, FieldsMax: 120);

    private readonly RequestHead _request = new();
    private readonly RequestHead _requestAgain = new();
    private readonly ResponseHead _response = new();
    private readonly ResponseHead _responseAgain = new();
    private readonly byte[] _written = new byte[4096];
    private int _accepted;

    [Fact]
    public void Parse_MutatedHeads_HoldsEveryProperty() => Run(100_000);

    [Fact]
    [Trait("Category", "Long")]
    public void Parse_AMillionMutatedHeads_HoldsEveryProperty() => Run(1_000_000);

    private void Run(int cases)
    {
        HeadFuzz fuzz = new(TestSeed.Value);
        for (int number = 0; number < cases; number++)
        {
            byte[] sent = fuzz.Next();
            try
            {
                Request(sent, fuzz.Cut(sent.Length));
                Response(sent, fuzz.Cut(sent.Length));
            }
            catch (Exception wrong)
            {
                throw new InvalidOperationException($"HEADGATE_SEED={TestSeed.Value} case {number}: {Convert.ToBase64String(sent)}", wrong);
            }
        }

        // A fuzzer whose cases are all refused at once tests nothing behind the first check.
        _accepted.ShouldBeGreaterThan(cases / 10);
    }

    private void Request(byte[] sent, int cut)
    {
        HeadResult whole = HeadParser.ParseRequest(sent, _request, HeadLimits.Default);
        HeadResult part = HeadParser.ParseRequest(sent.AsSpan(0, cut), _requestAgain, HeadLimits.Default);
        CheckVerdicts(whole, part, sent.Length, cut);
        if (whole.Status != HeadStatus.Complete)
            return;
        _accepted++;
        HeadParser.ParseRequest(sent.AsSpan(0, whole.Consumed), _requestAgain, HeadLimits.Default).ShouldBe(whole);
        RoundTrip();
    }

    private static void CheckVerdicts(HeadResult whole, HeadResult part, int length, int cut)
    {
        whole.Consumed.ShouldBeInRange(0, length);
        (whole.Consumed > 0).ShouldBe(whole.Status == HeadStatus.Complete);
        (whole.Reason is not null).ShouldBe(whole.Status == HeadStatus.Bad);
        bool complete = whole.Status == HeadStatus.Complete;
        if (part.Status != HeadStatus.Incomplete || (complete && cut >= whole.Consumed))
            part.ShouldBe(whole);
    }

    private void RoundTrip()
    {
        RequestForwarding forwarding = new()
        {
            Host = _request.Authority.IsEmpty ? "none"u8 : _request.Authority,
            ClientAddress = "10.0.0.1"u8,
            ForwardedProto = "http"u8,
            ForwardedHost = _request.Host,
            ForwardedPort = 80,
            Framing = _request.Framing,
            ContentLength = _request.ContentLength,
            Upgrade = _request.IsWebSocketUpgrade,
        };
        int size = HeadWriter.RequestSizeMax(_request, forwarding);
        int length = HeadWriter.WriteRequest(_written.AsSpan(0, size), _request, forwarding);
        HeadParser.ParseRequest(_written.AsSpan(0, length), _requestAgain, Wide).ShouldBe(new HeadResult(HeadStatus.Complete, length, 0, null));

        Same(_requestAgain.Method, _request.Method);
        Same(_requestAgain.RequestUri, _request.RequestUri);
        Same(_requestAgain.Path, _request.Path);
        Same(_requestAgain.Query, _request.Query);
        Same(_requestAgain.Host, _request.Authority.IsEmpty ? "none"u8 : _request.Host);
        (_requestAgain.Framing, _requestAgain.ContentLength).ShouldBe((_request.Framing, _request.ContentLength));
        (_requestAgain.IsWebSocketUpgrade, _requestAgain.ExpectContinue).ShouldBe((_request.IsWebSocketUpgrade, false));
        (_requestAgain.KeepAlive, _requestAgain.VersionMinor).ShouldBe((true, 1));
        SameKept(_request, _requestAgain);
    }

    private void Response(byte[] sent, int cut)
    {
        HeadResult whole = HeadParser.ParseResponse(sent, HttpMethod.Get, _response, HeadLimits.Default);
        HeadResult part = HeadParser.ParseResponse(sent.AsSpan(0, cut), HttpMethod.Get, _responseAgain, HeadLimits.Default);
        CheckVerdicts(whole, part, sent.Length, cut);
        if (whole.Status != HeadStatus.Complete)
            return;
        _accepted++;
        ResponseForwarding forwarding = new()
        {
            VersionMinor = 1,
            Framing = _response.Framing,
            ContentLength = _response.ContentLength,
            KeepAlive = _response.KeepAlive,
            Server = "s"u8,
            Date = "d"u8,
            Upgrade = _response.IsUpgrade,
        };
        int size = HeadWriter.ResponseSizeMax(_response, forwarding);
        int length = HeadWriter.WriteResponse(_written.AsSpan(0, size), _response, forwarding);
        HeadParser.ParseResponse(_written.AsSpan(0, length), HttpMethod.Get, _responseAgain, Wide).ShouldBe(new HeadResult(HeadStatus.Complete, length, 0, null));
        (_responseAgain.Status, _responseAgain.Framing, _responseAgain.ContentLength).ShouldBe((_response.Status, _response.Framing, _response.ContentLength));
        _responseAgain.IsUpgrade.ShouldBe(_response.IsUpgrade);
        Same(_responseAgain.Reason, _response.Reason);
        SameKept(_response, _responseAgain);
    }

    /// <summary>The fields without a meaning here are the same ones, in the same order.</summary>
    private static void SameKept(MessageHead before, MessageHead after)
    {
        int at = 0;
        foreach (ref readonly HeaderField field in before.Fields)
        {
            if (field.Known != KnownHeader.Other)
                continue;
            while (after.Fields[at].Known != KnownHeader.Other)
                at++;
            Same(after.Name(after.Fields[at]), before.Name(field));
            Same(after.Value(after.Fields[at]), before.Value(field));
            at++;
        }

        for (; at < after.FieldCount; at++)
            after.Fields[at].Known.ShouldNotBe(KnownHeader.Other);
    }

    private static void Same(ReadOnlySpan<byte> actual, ReadOnlySpan<byte> expected)
    {
        if (!actual.SequenceEqual(expected))
            Heads.Text(actual).ShouldBe(Heads.Text(expected));
    }
}
