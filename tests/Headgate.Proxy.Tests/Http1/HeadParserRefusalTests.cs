using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Tests.Http1;

/// <summary>Everything the parser refuses, whole and split at every byte; the table is <see cref="Refused"/>.</summary>
public sealed class HeadParserRefusalTests
{
    [Fact]
    public void ParseRequest_BrokenHead_IsRefusedWithStatusAndReason()
    {
        List<string> wrong = [];
        foreach ((string sent, int status, string reason) in Refused.Requests)
        {
            HeadResult result = Heads.ParseRequest(sent, out _);
            bool matches = result.Status == HeadStatus.Bad && result.ErrorStatus == status && result.Consumed == 0 && (result.Reason ?? "").StartsWith(reason, StringComparison.Ordinal);
            if (!matches)
                wrong.Add($"{Show(sent)} gave {result}, not {status} {reason}");
        }

        wrong.ShouldBeEmpty();
        Refused.Requests.Length.ShouldBeGreaterThan(150);
    }

    [Fact]
    public void ParseResponse_BrokenHead_IsRefusedWith502()
    {
        List<string> wrong = [];
        foreach ((string sent, string reason) in Refused.Responses)
        {
            HeadResult result = Heads.ParseResponse(sent, out _);
            if (result.Status != HeadStatus.Bad || result.ErrorStatus != 502 || !(result.Reason ?? "").StartsWith(reason, StringComparison.Ordinal))
                wrong.Add($"{Show(sent)} gave {result}, not {reason}");
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void ParseRequest_AnyPrefixOfABrokenHead_IsIncompleteOrHasTheSameVerdict()
    {
        foreach ((string sent, _, _) in Refused.Requests)
            Prefixes(sent, text => Heads.ParseRequest(text, out _));
    }

    [Fact]
    public void ParseResponse_AnyPrefixOfABrokenHead_IsIncompleteOrHasTheSameVerdict()
    {
        foreach ((string sent, _) in Refused.Responses)
            Prefixes(sent, text => Heads.ParseResponse(text, out _));
    }

    [Theory]
    [InlineData("\r\nGET /a/%62?c HTTP/1.1\r\nHost: a:1\r\nX:  y \t\r\nConnection: X, keep-alive\r\nContent-Length: 3\r\n\r\n")]
    [InlineData("OPTIONS http://[::1] HTTP/1.0\r\n\r\n")]
    public void ParseRequest_AnyPrefixOfAGoodHead_IsIncomplete(string sent) => Prefixes(sent, text => Heads.ParseRequest(text, out _));

    [Fact]
    public void Faults_Texts_ArePrintableAndNeedNoEscape()
    {
        string[] texts = [.. typeof(HeadFault).GetFields(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic).Select(f => f.GetValue(null)).OfType<HeadFault>().Select(f => f.Reason)];

        texts.Length.ShouldBeGreaterThan(30);
        texts.ShouldAllBe(text => text.All(c => c >= ' ' && c <= '~' && c != '"' && c != '\\') && text.EndsWith('.'));
    }

    [Fact]
    public void Faults_Each_IsReachedByTheTables()
    {
        HashSet<string> reached = [.. Refused.Requests.Select(r => Heads.ParseRequest(r.Sent, out _).Reason!), .. Refused.Responses.Select(r => Heads.ParseResponse(r.Sent, out _).Reason!)];

        typeof(HeadFault).GetFields(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic).Select(f => f.GetValue(null)).OfType<HeadFault>()
            .Except([HeadFault.StartLineLong, HeadFault.HeadLong, HeadFault.FieldsMany])
            .Select(f => f.Reason).ShouldBeSubsetOf(reached);
    }

    /// <summary>The last byte that a verdict needs is the first at which it is given: nothing before differs from it but Incomplete.</summary>
    private static void Prefixes(string sent, Func<string, HeadResult> parse)
    {
        HeadResult whole = parse(sent);
        bool decided = false;
        for (int length = 0; length <= sent.Length; length++)
        {
            HeadResult part = parse(sent[..length]);
            if (part.Status == HeadStatus.Incomplete && !decided)
                continue;
            part.ShouldBe(whole, $"{length} bytes of {Show(sent)}");
            decided = true;
        }

        decided.ShouldBeTrue();
    }

    private static string Show(string sent) => sent.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
