using Headgate.Core.Config;
using Headgate.Core.Config.Registries;

namespace Headgate.Core.Tests.Config.Registries;

public sealed class KubernetesConfigTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{'service':{},'client':{}}")]
    public void Parse_Nothing_IsThePodsOwnCluster(string json)
    {
        KubernetesConfig config = Parse(json).Valid;
        config.ShouldBe(new KubernetesConfig([new KubernetesClusterConfig()]));
        config.HasIds.ShouldBeFalse();
        KubernetesClusterConfig only = config.Clusters[0];
        (only.Id, only.Scheme, only.Host, only.Port).ShouldBe((null, "https", "${KUBERNETES_SERVICE_HOST}", "${KUBERNETES_SERVICE_PORT}"));
        (only.VerifiesTls, only.AuthoritiesFile, only.Token, only.TokenFile).ShouldBe((null, null, null, "/var/run/secrets/kubernetes.io/serviceaccount/token"));
        (only.Namespaces, only.LabelSelector, only.DefaultWeight, only.ReadsSlices).ShouldBe((null, null, 50, false));
    }

    [Fact]
    public void Parse_EveryField_IsTyped()
    {
        Parsed<KubernetesConfig> parsed = Parse("""
            {'service':{'schema':'https','host':'10.0.0.1','port':'6443','ssl_verify':true,'ca_file':'/ca.pem'},'client':{'token':'t0.k_en+/=-'},'namespace_selector':{'match':['a','^b-[a-z]+$']},
             'label_selector':'first=a,second in (b,c)\n','default_weight':0,'shared_size':'64m','watch_endpoint_slices':true}
            """);
        parsed.Valid.Clusters[0].ShouldBe(new KubernetesClusterConfig
        {
            Host = "10.0.0.1",
            Port = "6443",
            VerifiesTls = true,
            AuthoritiesFile = "/ca.pem",
            Token = "t0.k_en+/=-",
            TokenFile = null,
            Namespaces = new KubernetesNamespaceSelector(KubernetesNamespaceMatch.Match, ["a", "^b-[a-z]+$"]),
            LabelSelector = "first=a,second in (b,c)",
            DefaultWeight = 0,
            ReadsSlices = true,
        });
        parsed.Warnings.ShouldBe(["shared_size has no effect here: memory is not set apart"]);
        parsed.Valid.ToString().ShouldNotContain("t0.k");
        parsed.Valid.Clusters[0].ToString().ShouldBe("KubernetesClusterConfig { Id = , Host = 10.0.0.1, Port = 6443 }");
    }

    [Theory]
    [InlineData("equal", "'n1'", KubernetesNamespaceMatch.Equal)]
    [InlineData("not_equal", "'n1'", KubernetesNamespaceMatch.NotEqual)]
    [InlineData("match", "['n1']", KubernetesNamespaceMatch.Match)]
    [InlineData("not_match", "['n1']", KubernetesNamespaceMatch.NotMatch)]
    public void Parse_NamespaceSelector_HasFourForms(string name, string value, KubernetesNamespaceMatch kind) =>
        Parse($"{{'namespace_selector':{{'{name}':{value}}}}}").Valid.Clusters[0].Namespaces.ShouldBe(new KubernetesNamespaceSelector(kind, ["n1"]));

    [Fact]
    public void Parse_List_HasClustersWithIds()
    {
        KubernetesConfig config = Parse("""
            [{'id':'release','service':{'host':'1.cluster.com','port':6443},'client':{'token_file':'/t'}},
             {'id':'debug','service':{'schema':'http','host':'fd00::1','port':'${P}'},'client':{'token':'${T}'}}]
            """).Valid;
        config.HasIds.ShouldBeTrue();
        config.Clusters.ShouldBe(
        [
            new KubernetesClusterConfig { Id = "release", Host = "1.cluster.com", Port = "6443", TokenFile = "/t" },
            new KubernetesClusterConfig { Id = "debug", Scheme = "http", Host = "fd00::1", Port = "${P}", Token = "${T}", TokenFile = null },
        ]);
    }

    [Theory]
    [InlineData("7", "invalid configuration: wrong type: expected object, got number")]
    [InlineData("{'servce':{}}", "invalid configuration: additional properties forbidden, found servce (did you mean service?)")]
    [InlineData("{'service':{'scheme':'http'}}", "invalid configuration: property \"service\" validation failed: additional properties forbidden, found scheme (did you mean schema?)")]
    [InlineData("{'service':{'schema':'ftp'}}", "invalid configuration: property \"service\" validation failed: property \"schema\" validation failed: matches none of the enum values (given \"ftp\"; allowed: http, https)")]
    [InlineData("{'service':{'host':'a b'}}", "invalid configuration: property \"service\" validation failed: property \"host\" validation failed: value should match only one schema, but matches none (given \"a b\"; allowed: a host name, an address, or ${NAME})")]
    [InlineData("{'service':{'port':'0'}}", "invalid configuration: property \"service\" validation failed: property \"port\" validation failed: value should match only one schema, but matches none (given \"0\"; allowed: 1 to 65535, or ${NAME})")]
    [InlineData("{'service':{'port':70000}}", "invalid configuration: property \"service\" validation failed: property \"port\" validation failed: expected 70000 to be at most 65535")]
    [InlineData("{'service':{'schema':'http','ca_file':'/ca'}}", "service.ca_file has no effect with schema http; leave one of them out")]
    [InlineData("{'service':{'ssl_verify':false,'ca_file':'/ca'}}", "service.ca_file has no effect with ssl_verify false; leave one of them out")]
    [InlineData("{'client':{'token':'s3cret token'}}", "invalid configuration: property \"client\" validation failed: property \"token\" validation failed: value should match only one schema, but matches none (allowed: up to 4096 of A-Z a-z 0-9 + / . _ = -, or ${NAME})")]
    [InlineData("{'client':{'token':''}}", "client.token must not be empty with schema https")]
    [InlineData("{'client':{'token_file':'a*'}}", "invalid configuration: property \"client\" validation failed: property \"token_file\" validation failed: failed to match pattern \"^[^\\\\:*?\\\"<>|]*$\" with \"a*\"")]
    [InlineData("{'namespace_selector':{'equal':'a','match':['b']}}", "invalid configuration: property \"namespace_selector\" validation failed: value should match only one schema, but matches several (give one of equal, not_equal, match, not_match)")]
    [InlineData("{'namespace_selector':{'equal':'A'}}", "invalid configuration: property \"namespace_selector\" validation failed: property \"equal\" validation failed: failed to match pattern \"^[a-z0-9]([-a-z0-9_.]*[a-z0-9])?$\" with \"A\"")]
    [InlineData("{'namespace_selector':{'match':[]}}", "invalid configuration: property \"namespace_selector\" validation failed: property \"match\" validation failed: expect array to have at least 1 items")]
    [InlineData("{'namespace_selector':{'match':['a b']}}", "invalid configuration: property \"namespace_selector\" validation failed: property \"match\" validation failed: failed to validate item 1: failed to match pattern \"^[\\\\x21-\\\\x7e]*$\" with \"a b\"")]
    [InlineData("{'namespace_selector':{'not_match':['a(']}}", "namespace_selector.not_match[0] is no regular expression: Invalid pattern 'a(' at offset 2. Not enough )'s.")]
    [InlineData("{'default_weight':-1}", "invalid configuration: property \"default_weight\" validation failed: expected -1 to be at least 0")]
    [InlineData("[{'id':'A','service':{'host':'a','port':1},'client':{'token':'t'}}]", "invalid configuration: failed to validate item 1: property \"id\" validation failed: failed to match pattern \"^[a-z0-9]{1,64}$\" with \"A\"")]
    [InlineData("[{'id':'a','service':{'host':'a','port':1},'client':{'token':'t','token_file':'/t'}}]", "invalid configuration: failed to validate item 1: property \"client\" validation failed: value should match only one schema, but matches both schemas 1 and 2 (give either token or token_file)")]
    [InlineData("[{'id':'a','service':{'host':'a','port':1},'client':{'token':'t'}},{'id':'a','service':{'host':'a','port':1},'client':{'token':'t'}}]", "[1].id: there is another cluster \"a\"; give each an id of its own")]
    public void Parse_WhatIsWrong_IsSaid(string json, string error) => Parse(json).ShouldFailWith(error);

    [Fact]
    public void Parse_ListWithoutWhatIsNeeded_FindsAll() => Parse("[{'service':{}}]").ShouldFailWith(
        "invalid configuration: failed to validate item 1: property \"id\" is required",
        "invalid configuration: failed to validate item 1: property \"client\" is required",
        "invalid configuration: failed to validate item 1: property \"service\" validation failed: property \"host\" is required",
        "invalid configuration: failed to validate item 1: property \"service\" validation failed: property \"port\" is required");

    [Fact]
    public void Parse_TokenBesideTokenFile_TheFileIsNoted() =>
        Parse("{'client':{'token':'t','token_file':'/t'}}").Warnings.ShouldBe(["client.token_file has no effect beside token"]);

    [Fact]
    public void Parse_Connection_HasTheSameFields()
    {
        ServiceRegistryConfig connection = Parsed.Run(
            "{'name':'prod','type':'kubernetes','kubernetes_config':{'service':{'schema':'https','host':'k','port':6443},'client':{'token':'t'}}}",
            (value, errors) => ConfigParser.ParseServiceRegistry("1", value, errors)).Valid;
        connection.Registry.ShouldBeOfType<KubernetesConfig>().Clusters[0].Port.ShouldBe("6443");
        connection.ToString().ShouldContain("Registry = RegistryConfig { Type = kubernetes }");
    }

    private static Parsed<KubernetesConfig> Parse(string json) =>
        Parsed.Run(json, (value, errors) => (KubernetesConfig?)ConfigParser.ParseRegistry("kubernetes", value, errors));
}
