using System.Text.Json;
using Headgate.CommandLine;

namespace Headgate.Tests.CommandLine;

/// <summary>What <c>headgate explain</c> prints where a plugin chooses the upstream.</summary>
public sealed class ExplanationTextTests
{
    private const string Choices = """[{"key":"upstreams/b","own":false,"weight":1},{"key":null,"own":true,"weight":9}]""";
    private const string Upstream = """{"key":"upstreams/b","type":"roundrobin","random":false,"uses_unusable":false,"tries_max":1,"picks":["10.0.0.1:80"],"hash":null,"limits":{},"candidates":[]}""";

    [Theory]
    [InlineData("null", ",\"upstream_rule\":1", "chosen    by traffic-split, rule 1: upstreams/b weight 1, none weight 9\n", "goes to   the upstream that traffic-split chooses when the request comes\n")]
    [InlineData(Upstream, "", "chosen    by traffic-split, none of its rules: upstreams/b weight 1, none weight 9\nupstream  upstreams/b  (roundrobin)\n", "goes to   10.0.0.1:80\n")]
    public void Of_PluginChooses_NamesTheRuleAndWhatItChoosesFrom(string upstream, string rule, string middle, string last) =>
        ExplanationText.Of(JsonElement.Parse($$"""
            {"revision":1,"outcome":"forwarded","status":null,"reason":null,"upstream_chosen_by":"traffic-split"{{rule}},"upstream_choices":{{Choices}},
            "route":{"id":"r","name":null,"hosts":[],"uris":["/"],"priority":0,"workspace_id":"default"},"upstream":{{upstream}}}
            """)).ShouldBe($"revision  1\nroute     r  (any host, /)\n{middle}{last}");
}
