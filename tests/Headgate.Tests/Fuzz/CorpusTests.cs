using Headgate.Differential;
using Headgate.Differential.Cases;
using Headgate.Differential.Comparison;

namespace Headgate.Tests.Fuzz;

/// <summary>
/// Every case of <c>fuzz/corpus</c> against the built executable, Kestrel and nginx: the verdicts are those that the files hold, so that a change of strictness is seen in review.
/// <c>fuzz/differential corpus --record</c> writes them anew.
/// </summary>
[Collection(EndToEnd.EndToEndCollection.Name)]
public sealed class CorpusTests
{
    [Fact]
    public async Task Corpus_OfEveryCase_VerdictsAreTheRecordedOnes()
    {
        FuzzCase[] corpus = FuzzCorpus.Load();
        await using Comparator comparator = await Comparator.StartAsync();

        (await CorpusRun.JudgeAsync(comparator, corpus, [.. comparator.Peers.Select(peer => peer.Name)])).ShouldBeEmpty();
        comparator.Peers[0].Origin!.Violations.Select(violation => $"{violation.What}: {EscapedText.Print(violation.Bytes)}").ShouldBeEmpty();
        corpus.Length.ShouldBeGreaterThan(400);
    }

    /// <summary>The point of all this: what Headgate takes, the two others see as the same requests, or refuse.</summary>
    [Fact]
    public void Corpus_WhatHeadgateTakes_NobodyFramesDifferently()
    {
        foreach (FuzzCase row in FuzzCorpus.Load())
        {
            string[] ours = Taken(row.Verdicts["headgate"]);
            foreach (string other in (string[])["kestrel", "nginx"])
                (Taken(row.Verdicts[other]) is var theirs && ours.Zip(theirs).All(pair => pair.First == pair.Second)).ShouldBeTrue($"{row.Name}: {other}");
        }
    }

    [Theory]
    [InlineData(@"a\r\n\t\0\\\x41\{3:bc}", "a\r\n\t\0\\Abcbcbc")]
    [InlineData("a\nb", "ab")]
    public void EscapedText_Parse_GivesTheBytes(string text, string expected) => System.Text.Encoding.Latin1.GetString(EscapedText.Parse(text)).ShouldBe(expected);

    [Fact]
    public void EscapedText_Print_IsReadBackAsTheSame()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i), .. Enumerable.Repeat((byte)'x', 100)];

        EscapedText.Parse(EscapedText.Print(bytes)).ShouldBe(bytes);
    }

    /// <summary>The requests of a verdict up to the first refusal or wait.</summary>
    private static string[] Taken(string verdict) => [.. verdict.Split(", ").TakeWhile(step => step.Contains(' '))];
}
