terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region = var.region
}

data "aws_availability_zones" "available" {
  state = "available"
}

locals {
  name  = "${var.project}-${var.environment}"
  zones = slice(data.aws_availability_zones.available.names, 0, var.zone_count)
  tags = {
    Project     = var.project
    Environment = var.environment
  }
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = merge(local.tags, { Name = local.name })
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
  tags   = local.tags
}

module "public" {
  source = "./modules/subnets"

  name                    = "${local.name}-public"
  vpc_id                  = aws_vpc.this.id
  zones                   = local.zones
  cidr                    = cidrsubnet(aws_vpc.this.cidr_block, 4, 0)
  map_public_ip_on_launch = true
}

module "private" {
  source = "./modules/subnets"

  name   = "${local.name}-private"
  vpc_id = aws_vpc.this.id
  zones  = local.zones
  cidr   = cidrsubnet(aws_vpc.this.cidr_block, 4, 1)
}

resource "aws_route" "internet" {
  route_table_id         = module.public.route_table_ids[0]
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_eip" "nat" {
  count  = var.nat_gateways
  domain = "vpc"
}

resource "aws_nat_gateway" "this" {
  count         = var.nat_gateways
  allocation_id = aws_eip.nat[count.index].id
  subnet_id     = module.public.subnet_ids[count.index]
  depends_on    = [aws_internet_gateway.this]
}

resource "aws_route" "nat" {
  count                  = var.nat_gateways > 0 ? var.zone_count : 0
  route_table_id         = module.private.route_table_ids[count.index]
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = element(aws_nat_gateway.this[*].id, count.index)
}

resource "aws_security_group" "database" {
  name_prefix = "${local.name}-db-"
  description = "The database of ${local.name}"
  vpc_id      = aws_vpc.this.id

  dynamic "ingress" {
    for_each = { postgres = 5432, mysql = 3306 }
    content {
      description = ingress.key
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = [module.private.cidr]
    }
  }
}
