variable "name" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "cidr" {
  type = string
}

variable "zones" {
  type = list(string)
}

variable "map_public_ip_on_launch" {
  type    = bool
  default = false
}

resource "aws_subnet" "this" {
  count = length(var.zones)

  vpc_id                  = var.vpc_id
  cidr_block              = cidrsubnet(var.cidr, 4, count.index)
  availability_zone       = var.zones[count.index]
  map_public_ip_on_launch = var.map_public_ip_on_launch
  tags                    = { Name = format("%s-%d", var.name, count.index) }
}

resource "aws_route_table" "this" {
  count  = length(var.zones)
  vpc_id = var.vpc_id
}

resource "aws_route_table_association" "this" {
  count          = length(var.zones)
  subnet_id      = aws_subnet.this[count.index].id
  route_table_id = aws_route_table.this[count.index].id
}

output "subnet_ids" {
  value = aws_subnet.this[*].id
}

output "route_table_ids" {
  value = aws_route_table.this[*].id
}

output "cidr" {
  value = var.cidr
}
