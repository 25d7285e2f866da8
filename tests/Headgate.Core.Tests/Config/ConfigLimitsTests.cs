using System.Globalization;
using System.Text;

namespace Headgate.Core.Tests.Config;

/// <summary>A body at the Admin API's limit of 1.5 MiB costs bounded work and gets a bounded answer.</summary>
public sealed class ConfigLimitsTests
{
    [Fact]
    public void Parse_VeryManyProblems_ListsAThousandAndCountsTheRest()
    {
        var text = new StringBuilder("{\"nodes\":{}");
        for (int i = 0; i < 100_000; i++)
            text.Append(CultureInfo.InvariantCulture, $",\"x{i}\":1");

        Parsed<Core.Config.UpstreamConfig> parsed = Parsed.Upstream(text.Append('}').ToString());
        parsed.Errors.Count.ShouldBe(1001);
        parsed.Errors[^1].ShouldBe("99000 more problems are not listed");
    }

    [Fact]
    public void Parse_VeryLongTexts_AreClippedInTheAnswer()
    {
        string huge = new('x', 1_000_000);
        string[] documents =
        [
            $"{{'nodes':{{}},'type':'{huge}'}}", $"{{'nodes':{{}},'{huge}':1}}", $"{{'nodes':{{'{huge}:0':1}}}}", $"{{'nodes':{{'{huge}':1}}}}",
            $"{{'nodes':{{}},'labels':{{'{huge}':1}}}}", $"{{'nodes':{{}},'id':'{huge}'}}", $"{{'nodes':{{}},'upstream_host':'{huge} '}}",
            $"{{'nodes':{{}},'type':'chash','hash_on':'header','key':'{huge} '}}",
        ];
        foreach (string document in documents)
            Parsed.Upstream(document).Errors.ShouldHaveSingleItem().Length.ShouldBeLessThan(1500);

        string[] routes =
        [
            $"'plugins':{{'{huge}':{{}}}}", $"'plugins':{{'a':'{huge}'}}", $"'vars':[['a','{huge}',1]]", $"'vars':[['a','ipmatch','{huge}']]",
            $"'vars':[['a','~~','({huge}']]", $"'status':1{huge.Replace('x', '0')}", $"'remote_addr':'{huge}'", $"'{huge}':1",
        ];
        foreach (string field in routes)
            Parsed.Route($"{{'uri':'/','service_id':'1',{field}}}").Errors.ShouldHaveSingleItem().Length.ShouldBeLessThan(1500);
    }

    [Fact]
    public void Parse_LongListOfWrongItems_IsReadInOnePass()
    {
        // By index it would be walked over once an item: 40 billion steps, for which nobody waits.
        string items = string.Join(',', Enumerable.Repeat("{}", 200_000));
        Parsed.Route($"{{'uri':'/','service_id':'1','hosts':[{items}]}}").Errors.Count.ShouldBe(1001);
    }
}
