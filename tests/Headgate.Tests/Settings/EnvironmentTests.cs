using System.Net;
using Headgate.Settings;

namespace Headgate.Tests.Settings;

public sealed class EnvironmentTests
{
    [Fact]
    public void Override_Given_GoesBeforeTheFile()
    {
        GatewaySettings settings = Load.Good(
            "apisix: {node_listen: 9080}\nheadgate: {data: ./a}",
            ("HEADGATE_APISIX__NODE_LISTEN", "9081"), ("HEADGATE_HEADGATE__DATA", "/srv/#1: x"), ("headgate_apisix__enable_ipv6", "false"));

        settings.NodeListen.ShouldBe([new ListenSettings(null, 9081)]);
        settings.Data.ShouldBe("/srv/#1: x");
        settings.EnableIpv6.ShouldBeFalse();
    }

    [Fact]
    public void Override_ListOrMapping_IsYaml()
    {
        GatewaySettings settings = Load.Good(
            "", ("HEADGATE_APISIX__NODE_LISTEN", "[9080, {ip: 127.0.0.1, port: 9081}]"), ("HEADGATE_DEPLOYMENT__ADMIN__ADMIN_KEY", "[{name: a, key: k}]"));

        settings.NodeListen.ShouldBe([new ListenSettings(null, 9080), new ListenSettings(IPAddress.Loopback, 9081)]);
        settings.Admin.Keys.Items.Single().Key.ShouldBe("k");
    }

    [Fact]
    public void Override_Empty_CountsAsNotSet() => Load.Good("headgate: {data: ./a}", ("HEADGATE_HEADGATE__DATA", "")).Data.ShouldBe("./a");

    [Theory]
    [InlineData("HEADGATE_APISIX__NODE_LISTN", "1", "environment variable HEADGATE_APISIX__NODE_LISTN: names no known key; did you mean HEADGATE_APISIX__NODE_LISTEN? The form is HEADGATE_ and the path of a key of docs/reference/configuration.md, with __ between its levels")]
    [InlineData("HEADGATE_WHATEVER", "1", "environment variable HEADGATE_WHATEVER: names no known key; The form is HEADGATE_ and the path of a key of docs/reference/configuration.md, with __ between its levels")]
    [InlineData("HEADGATE_APISIX__CONTROL", "{port: 1}", "environment variable HEADGATE_APISIX__CONTROL: names a section; a variable sets one key, such as HEADGATE_APISIX__NODE_LISTEN")]
    [InlineData("HEADGATE_APISIX__CONTROL__PORT", "x", "environment variable HEADGATE_APISIX__CONTROL__PORT: apisix.control.port: x is not allowed; use a port from 0 to 65535 (0 = any free one)")]
    [InlineData("HEADGATE_APISIX__NODE_LISTEN", "[", "environment variable HEADGATE_APISIX__NODE_LISTEN: not valid YAML: ")]
    public void Override_Bad_NamesTheVariable(string name, string value, string expected) => Load.Errors("", (name, value)).ShouldHaveSingleItem().ShouldStartWith(expected);

    [Fact]
    public void Override_WithoutEffect_Warns() =>
        Load.Warnings("", ("HEADGATE_DEPLOYMENT__CERTS", "x")).ShouldBe(["environment variable HEADGATE_DEPLOYMENT__CERTS: deployment.certs: accepted, without effect here"]);

    [Theory]
    [InlineData("HEADGATE_SEED")]
    [InlineData("HEADGATE_SOAK_MINUTES")]
    [InlineData("HEADGATE_INSTANCE_TOKEN")]
    [InlineData("HEADGATE_SERVICE_HOST")]
    [InlineData("HEADGATE_SERVICE_PORT")]
    [InlineData("HEADGATE_SERVICE_PORT_HTTP")]
    [InlineData("HEADGATE_PORT")]
    [InlineData("HEADGATE_PORT_9080_TCP_ADDR")]
    [InlineData("HEADGATE_ADMIN_PORT_9180_TCP")]
    public void Variable_OfTestsOrOfKubernetesServiceLinks_IsLeftAlone(string name)
    {
        LoadedSettings loaded = Load.Yaml("", (name, "tcp://10.0.0.1:9080"));

        loaded.Errors.ShouldBeEmpty();
        loaded.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("apisix: {node_listen: ${{P}}}", 9081)]
    [InlineData("apisix:\n  node_listen:\n    - ${{ P }}", 9081)]
    [InlineData("apisix: {node_listen: ${{Q:=9082}}}", 9082)]
    [InlineData("apisix: {node_listen: ${{ Q := 9082 }}}", 9082)]
    [InlineData("apisix: {node_listen: ${{P:=9082}}}", 9081)]
    [InlineData("apisix: {node_listen: ${{Q:=}}}", 9080)]
    [InlineData("# ${{UNSET}}\napisix: {node_listen: 90${{N}}}", 9083)]
    public void Substitution_EveryForm_IsReplacedBeforeTheTypeIsSeen(string yaml, int port) =>
        Load.Good(yaml, ("P", "9081"), ("N", "83")).NodeListen.Items.Single().Port.ShouldBe(port);

    [Fact]
    public void Substitution_InQuotes_StaysText() =>
        Load.Errors("apisix: {node_listen: \"${{P}}\"}", ("P", "9081")).ShouldHaveSingleItem().ShouldStartWith("config.yaml:1: apisix.node_listen: \"9081\" is not allowed");

    [Fact]
    public void Substitution_LineBreak_IsRefused() => Load.Errors("headgate: {data: ${{P}}}", ("P", "a\nb")).ShouldBe(
        ["config.yaml:1: environment variable P holds a line break, which ${{P}} cannot take"]);
}
